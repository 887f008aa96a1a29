// Says hello in the language you ask for.
import { readdirSync, readFileSync } from 'node:fs';

const [language = 'english', name = 'world'] = process.argv.slice(2);
const folder = new URL('greetings/', import.meta.url);
const languages = readdirSync(folder).map((file) => file.replace('.json', ''));

if (language === '--list') {
  console.log(languages.join('\n'));
} else if (languages.includes(language)) {
  const greeting = JSON.parse(readFileSync(new URL(`${language}.json`, folder), 'utf8'));
  console.log(greeting.hello.replaceAll('{name}', () => name));
} else {
  console.error(`Nobody has taught me ${language} yet. I know: ${languages.join(', ')}.`);
  process.exitCode = 1;
}
