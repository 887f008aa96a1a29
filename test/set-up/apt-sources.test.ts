import { expect, test } from 'vitest';
import { findDebianMirrors, parseDeb822Sources, parseSourcesList } from '../../src/setup/apt-sources.mjs';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

test('the one-line format: the mirror of the main archive, with its keyring', () => {
  const text = `
# deb http://commented.test/debian bookworm main
deb-src http://source.test/debian bookworm main
deb http://plain.test/debian/ bookworm main contrib # a comment
deb [arch=amd64 signed-by=/keys/debian.gpg] https://signed.test/debian trixie main
deb http://security.test/debian-security bookworm-security main
deb https://download.docker.com/linux/debian bookworm stable
deb http://archive.ubuntu.com/ubuntu noble main universe
`;
  expect(parseSourcesList(text)).toEqual([
    { uri: 'http://plain.test/debian/', signedBy: undefined },
    { uri: 'https://signed.test/debian', signedBy: '/keys/debian.gpg' },
  ]);
});

test('the stanza format: several mirrors in one, others passed over', () => {
  const text = `Types: deb deb-src
# the nearest
URIs: http://one.test/debian
  http://two.test/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /keys/debian.gpg

Types: deb
URIs: http://security.test/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.test/debian
Suites: bookworm
Components: main

Types: deb
URIs: http://key.test/debian
Suites: sid
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 -----END PGP PUBLIC KEY BLOCK-----
`;
  expect(parseDeb822Sources(text)).toEqual([
    { uri: 'http://one.test/debian', signedBy: '/keys/debian.gpg' },
    { uri: 'http://two.test/debian', signedBy: '/keys/debian.gpg' },
  ]);
});

test('both kinds of files are read, each mirror once, and nothing else', () => {
  const folder = writeFiles(temporaryFolder(), {
    'sources.list': 'deb http://one.test/debian bookworm main\n',
    'sources.list.d/debian.sources':
      'Types: deb\nURIs: http://two.test/debian\nSuites: bookworm\nComponents: main\n',
    'sources.list.d/again.list':
      'deb http://one.test/debian bookworm-updates main\ndeb http://one.test/debian stable main\n',
    'sources.list.d/old.list.disabled': 'deb http://three.test/debian bookworm main\n',
  });
  expect(findDebianMirrors(folder).map(({ uri }) => uri)).toEqual([
    'http://one.test/debian',
    'http://two.test/debian',
  ]);
  expect(findDebianMirrors('/nowhere')).toEqual([]);
});
