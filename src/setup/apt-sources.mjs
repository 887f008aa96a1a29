/** Reads the machine's own apt sources for the Debian mirrors it already trusts, and the key each is signed with. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} DebianMirror
 * @property {string} uri
 * @property {string | undefined} signedBy a keyring file (or key ids), or undefined for the keys apt trusts for all
 */

/** Names of Debian's own suites; other suites, even on a Debian machine, belong to someone else's archive. */
const debianSuite =
  /^(stable|oldstable|oldoldstable|testing|unstable|sid|bullseye|bookworm|trixie|forky|duke)$/;

/**
 * The mirrors of Debian's main archive in a machine's sources, in their order.
 * @param {string} [aptFolder]
 * @returns {DebianMirror[]} empty on other systems, Ubuntu among them
 */
export function findDebianMirrors(aptFolder = '/etc/apt') {
  const parts = join(aptFolder, 'sources.list.d');
  const files = [
    join(aptFolder, 'sources.list'),
    ...(existsSync(parts)
      ? readdirSync(parts)
          .sort()
          .map((name) => join(parts, name))
      : []),
  ];
  const mirrors = files
    .filter((file) => existsSync(file))
    .flatMap((file) => {
      if (file.endsWith('.list')) return parseSourcesList(readFileSync(file, 'utf8'));
      return file.endsWith('.sources') ? parseDeb822Sources(readFileSync(file, 'utf8')) : [];
    });
  return [...new Map(mirrors.map((mirror) => [mirror.uri, mirror])).values()];
}

/**
 * The one-line format of sources.list(5): `deb [signed-by=…] uri suite component…`.
 * @param {string} text
 * @returns {DebianMirror[]}
 */
export function parseSourcesList(text) {
  return text.split('\n').flatMap((line) => {
    const [, options = '', uri = '', suite = '', components = ''] =
      /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]*)/.exec(line) ?? [];
    const [, signedBy] = /(?:^|\s)signed-by=(\S+)/i.exec(options) ?? [];
    return isDebianArchive([suite], components.split(/\s+/)) ? [{ uri, signedBy }] : [];
  });
}

/**
 * The stanza format of sources.list(5). A key written out in `Signed-By` is passed over: it is no file to point at.
 * @param {string} text
 * @returns {DebianMirror[]}
 */
export function parseDeb822Sources(text) {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = parseFields(stanza);
    const words = (/** @type {string} */ name) => (fields.get(name) ?? '').split(/\s+/).filter(Boolean);
    const isOff = /^(no|false|without|off|disable)$/i.test(fields.get('enabled') ?? 'yes');
    if (isOff || !words('types').includes('deb') || !isDebianArchive(words('suites'), words('components')))
      return [];
    const signedBy = fields.get('signed-by');
    if (signedBy?.includes('BEGIN PGP')) return [];
    return words('uris').map((uri) => ({ uri, signedBy }));
  });
}

/**
 * @param {string} stanza
 * @returns {Map<string, string>} by the field's name in lower case, continuation lines joined
 */
function parseFields(stanza) {
  const lines = stanza.split('\n').filter((line) => !line.startsWith('#'));
  const folded = lines.join('\n').replace(/\n[ \t]+/g, ' ');
  return new Map(
    folded.split('\n').flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 1 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]];
    }),
  );
}

/**
 * @param {readonly string[]} suites
 * @param {readonly string[]} components
 * @returns {boolean}
 */
function isDebianArchive(suites, components) {
  return components.includes('main') && suites.some((suite) => debianSuite.test(suite));
}
