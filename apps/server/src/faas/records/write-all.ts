import { ParleyError } from '#base/kernel'

/**
 * Writes all rows that the database accepts. A refused row is found by halving, and reported: it must not block other rows.
 */
export async function writeAll<Row>(
  rows: readonly Row[],
  insert: (some: readonly Row[]) => Promise<void>,
  refused: (row: Row, cause: unknown) => void,
): Promise<void> {
  if (rows.length === 0) return
  try {
    await insert(rows)
  } catch (cause) {
    if (!isRefusal(cause)) throw cause
    const [row] = rows
    if (row !== undefined && rows.length === 1) return refused(row, cause)
    const middle = rows.length >> 1
    await writeAll(rows.slice(0, middle), insert, refused)
    await writeAll(rows.slice(middle), insert, refused)
  }
}

/** PostgreSQL's classes of data that do not fit and of constraints that do not hold. */
function isRefusal(cause: unknown): boolean {
  const refusal = cause instanceof ParleyError ? cause.cause : cause
  return refusal instanceof Error && 'code' in refusal && /^2[23]/.test(String(refusal.code))
}
