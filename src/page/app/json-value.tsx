/** A JSON value for reading: keys and values a line each, branches that fold. */

export function JsonValue({ value, depth = 0 }: { value: unknown; depth?: number }) {
  if (Array.isArray(value))
    return <Branch entries={value.map((one, index) => [String(index), one])} kind="[]" depth={depth} />;
  if (typeof value === 'object' && value !== null)
    return <Branch entries={Object.entries(value)} kind="{}" depth={depth} />;
  return (
    <span class={`json-${value === null ? 'null' : typeof value}`}>
      {JSON.stringify(value) ?? 'undefined'}
    </span>
  );
}

interface BranchProps {
  entries: [string, unknown][];
  kind: '[]' | '{}';
  depth: number;
}

function Branch({ entries, kind, depth }: BranchProps) {
  if (entries.length === 0) return <span class="json-null">{kind}</span>;
  const lines = (
    <ul class="json">
      {entries.map(([key, value]) => (
        <li key={key}>
          <span class="json-key">{key}</span> <JsonValue value={value} depth={depth + 1} />
        </li>
      ))}
    </ul>
  );
  if (depth === 0) return lines;
  return (
    <details open={depth < 3 && entries.length <= 12}>
      <summary>
        {kind[0]}
        <span class="json-null">{entries.length}</span>
        {kind[1]}
      </summary>
      {lines}
    </details>
  );
}
