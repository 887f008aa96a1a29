/** Makes a backup: every stream and bucket, the config, and the agents' work, in one file. */
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import type { Bus } from '../bus/bus.ts';
import { untilAnswered } from '../bus/until-answered.ts';
import { readHead } from './archive-reader.ts';
import { type ArchiveWriter, writeArchive } from './archive-writer.ts';
import { BackupError } from './backup-error.ts';
import { draftOf } from './draft.ts';
import { bundleWork, type GitSource } from './git-backup.ts';
import {
  type BackupHead,
  bundleName,
  configName,
  type GitEntry,
  headName,
  type Manifest,
  manifestName,
  partName,
  type StreamEntry,
} from './manifest.ts';
import { snapshotStream } from './snapshot-stream.ts';

export interface BackupOptions {
  file: string;
  bus: Bus;
  /** The config file; a copy goes along. */
  config: string;
  git: Omit<GitSource, 'temporary'>;
  product: string;
  node: string;
  /** Called often, with what is being packed and how many bytes were packed so far. */
  onProgress: (what: string, size: number) => void;
  /** Ends it. */
  signal?: AbortSignal;
}

export interface BackupSummary {
  file: string;
  /** Of the file, in bytes. */
  size: number;
  head: BackupHead;
  manifest: Manifest;
}

/** A part is kept in memory until it is whole. */
const partSize = 4 * 1024 ** 2;

/**
 * The order in which streams are taken while work goes on: what records an effect comes after its cause, so that no message
 * of the backup is handled again that its ledger knows, and a dead letter is there before it counts as dealt with. A write to
 * the outside that is missing from its bucket is found again by its task, which is taken later. The history comes last and
 * may be a moment ahead.
 */
const order = [
  'ORCH_INBOX',
  'KV_orch_ledger',
  'KV_orch_ledger_begun',
  'ORCH_DLQ',
  'KV_orch_outbox',
  'KV_orch_tasks',
];
const history = ['ORCH_EVENTS', 'ORCH_TRANSITIONS'];

/** @throws BackupError, BusError, WorktreeError; the file is then as it was before */
export async function writeBackup(options: BackupOptions): Promise<BackupSummary> {
  const { file, product, node, onProgress, signal } = options;
  await refuseForeignFile(file);
  const head: BackupHead = {
    version: 1,
    format: 'miyabi-orchestra-backup',
    product,
    node,
    at: new Date().toISOString(),
  };
  let manifest: Manifest | undefined;
  const size = await writeArchive(
    file,
    async (archive) => {
      await archive.add(headName, json(head));
      const streams = await addStreams(archive, options);
      await archive.add(configName, await readFile(options.config));
      onProgress('git', archive.size);
      const git = await addWork(archive, options);
      manifest = { version: 1, streams, git, content: [...archive.content] };
      await archive.add(manifestName, json(manifest));
    },
    signal,
  );
  if (!manifest) throw new Error('unreachable: an archive without a manifest is not written');
  return { file, size, head, manifest };
}

async function addStreams(
  archive: ArchiveWriter,
  { bus, onProgress }: BackupOptions,
): Promise<StreamEntry[]> {
  const entries: StreamEntry[] = [];
  for (const name of inOrder(await streamNames(bus))) {
    let part: Uint8Array[] = [];
    let held = 0;
    let number = 0;
    const flush = async (): Promise<void> => {
      number += 1;
      await archive.add(partName(name, number), Buffer.concat(part));
      [part, held] = [[], 0];
      onProgress(name, archive.size);
    };
    onProgress(name, archive.size);
    const { config, state } = await snapshotStream(bus, name, async (chunk) => {
      part.push(chunk.slice());
      held += chunk.byteLength;
      if (held >= partSize) await flush();
    });
    if (held > 0) await flush();
    entries.push({
      name,
      config,
      messages: state.messages,
      firstSequence: state.first_seq,
      lastSequence: state.last_seq,
      consumers: state.consumer_count,
    });
  }
  return entries;
}

async function streamNames({ connection }: Bus): Promise<string[]> {
  return untilAnswered(connection, 'listing the streams', async () => {
    const names: string[] = [];
    for await (const name of connection.manager.streams.names()) names.push(name);
    return names;
  });
}

function inOrder(names: readonly string[]): string[] {
  const rank = (name: string): number => {
    if (history.includes(name)) return order.length + 1 + history.indexOf(name);
    return order.includes(name) ? order.indexOf(name) : order.length;
  };
  return names.toSorted((one, other) => rank(one) - rank(other) || one.localeCompare(other));
}

/** In a folder beside the backup, because the temporary one may be small, or in memory. */
async function addWork(archive: ArchiveWriter, { file, git: source }: BackupOptions): Promise<GitEntry> {
  const temporary = await mkdtemp(draftOf(file, 'git-'));
  try {
    const { git, file: bundle } = await bundleWork({ ...source, temporary });
    if (bundle === undefined) return git;
    await archive.addFrom(bundleName, (await stat(bundle)).size, createReadStream(bundle));
    return { ...git, bundle: bundleName };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** An older backup is replaced; whatever else stands there was named by mistake. @throws BackupError `not-replaced` */
async function refuseForeignFile(file: string): Promise<void> {
  try {
    await readHead(file);
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    const isAbsent = error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'ENOENT';
    if (isAbsent || ['newer', 'truncated', 'damaged'].includes(error.code)) return;
    throw new BackupError(
      'not-replaced',
      `${file} is there already and is no backup, so it is left alone: name another file.`,
      error,
    );
  }
}

const json = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
