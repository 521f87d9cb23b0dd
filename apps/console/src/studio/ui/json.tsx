/** A value as JSON, as it can be copied. */
export function Json({ label, value }: { label: string; value: unknown }) {
  return (
    <pre tabIndex={0} role="group" aria-label={label}>
      {JSON.stringify(value, null, 2) ?? 'undefined'}
    </pre>
  )
}
