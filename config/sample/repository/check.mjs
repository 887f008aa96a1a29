// Looks at every greeting and every haiku, and says what is not right.
import { readdirSync, readFileSync } from 'node:fs';

const complaints = [];
const files = (folder) =>
  readdirSync(new URL(`${folder}/`, import.meta.url)).map((name) => `${folder}/${name}`);
const read = (file) => readFileSync(new URL(file, import.meta.url), 'utf8');

for (const file of files('greetings')) {
  const greeting = JSON.parse(read(file));
  for (const key of ['language', 'hello', 'goodbye']) {
    if (typeof greeting[key] !== 'string') complaints.push(`${file} has no "${key}"`);
  }
  if (!greeting.hello?.includes('{name}')) complaints.push(`${file} greets nobody: "hello" needs a {name}`);
}

for (const file of files('haiku')) {
  if (read(file).trim() === '') complaints.push(`${file} is empty`);
}

for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exit(1);
console.log(`${files('greetings').length} greetings and ${files('haiku').length} haiku, all in good shape.`);
