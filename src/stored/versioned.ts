/** The version of a stored record: older ones are brought up to date as they are read, newer ones refused as such; stores nothing. */
import { z } from 'zod';

/** Any stored record; it is parsed after the last upgrade, so that an upgrade only has to know what it changes. */
export type StoredRecord = Record<string, unknown>;

export interface VersionedOptions<Version extends number, Shape extends z.ZodRawShape> {
  /** What is written today; counts from 1. */
  version: Version;
  /** The record as it is today, without its version. */
  schema: z.ZodObject<Shape>;
  /** By the version that each of them ends: 1 makes a record of version 2 out of one of version 1. None is left out. */
  upgrades?: Readonly<Record<number, (old: StoredRecord) => StoredRecord>>;
}

/** A record as it is today, its version in it. */
export type Versioned<Version extends number, Shape extends z.ZodRawShape> = z.infer<z.ZodObject<Shape>> & {
  version: Version;
};

/**
 * A schema that reads every version up to today's. A record without a version is of version 1. What is read is of today's;
 * what is stored stays as it was until the record is next changed. An issue about a record that is newer than this program
 * is told from a broken one by `newerVersion`.
 */
export function versioned<const Version extends number, Shape extends z.ZodRawShape>({
  version: current,
  schema,
  upgrades = {},
}: VersionedOptions<Version, Shape>): z.ZodType<Versioned<Version, Shape>> {
  for (let version = 1; version < current; version += 1) {
    if (!upgrades[version]) throw new Error(`no upgrade from version ${version} to ${version + 1}`);
  }
  const today = z.intersection(schema, z.object({ version: z.literal(current) }));
  return z.preprocess((stored, context) => {
    if (!isRecord(stored)) return stored;
    const { version = 1 } = stored;
    if (!isVersion(version)) {
      context.addIssue({ code: 'custom', path: ['version'], message: 'not a version: 1, 2, 3 …' });
      return z.NEVER;
    }
    if (version > current) {
      const message = `${version}, written by a newer orchestra; this one reads up to ${current}`;
      context.addIssue({ code: 'custom', path: ['version'], message, params: { newerVersion: version } });
      return z.NEVER;
    }
    try {
      return upgraded(stored, version, current, upgrades);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      context.addIssue({ code: 'custom', message: `not a record of version ${version}: ${reason}` });
      return z.NEVER;
    }
  }, today);
}

/** The version of a record that a newer program has written; undefined when it could not be read for another reason. */
export function newerVersion({ issues }: z.core.$ZodError): number | undefined {
  for (const issue of issues) {
    const version: unknown = issue.code === 'custom' ? issue.params?.['newerVersion'] : undefined;
    if (typeof version === 'number') return version;
  }
  return undefined;
}

function upgraded(
  stored: StoredRecord,
  from: number,
  to: number,
  upgrades: NonNullable<VersionedOptions<number, z.ZodRawShape>['upgrades']>,
): StoredRecord {
  let record: StoredRecord = { ...stored, version: from };
  for (let version = from; version < to; version += 1) {
    record = { ...(upgrades[version]?.(record) ?? record), version: version + 1 };
  }
  return record;
}

const isRecord = (value: unknown): value is StoredRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isVersion = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1;
