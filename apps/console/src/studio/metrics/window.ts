import { serverNow } from '../api/server-time.ts'
import { type Since, SINCE_MS } from '../ui/since.ts'

const MINUTE_MS = 60_000

/** How wide one bar is. */
export const BUCKET_SECONDS: Record<Since, number> = {
  hour: 60,
  day: 1_800,
  week: 14_400,
  month: 86_400,
}

/** Until the end of the running minute, by the server's clock. */
export function windowOf(since: Since): { from: string; to: string } {
  const to = Math.ceil(serverNow() / MINUTE_MS) * MINUTE_MS
  return { from: new Date(to - SINCE_MS[since]).toISOString(), to: new Date(to).toISOString() }
}
