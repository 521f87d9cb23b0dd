import { callOut } from '#faas/egress'
import type { Deps } from './deps.ts'

/** From the look-up to the status, as published. */
const PATIENCE_MS = 10_000

/**
 * Posts a notification. What the end point answers is not read.
 * @throws an `Error` that names the host and what went wrong, unless the end point answers with a status of success
 */
export async function postNotification(
  deps: Deps,
  accountId: string,
  address: string,
  { headers, payload }: { headers: Record<string, string>; payload: string },
): Promise<void> {
  const url = new URL(address)
  const { status } = await callOut(deps, accountId, {
    method: 'POST',
    url,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: payload,
    patienceMs: PATIENCE_MS,
  })
  if (status < 200 || status > 299)
    throw new Error(`${url.hostname}: the end point answered ${status}`)
}
