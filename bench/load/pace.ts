import { setTimeout as sleep } from 'node:timers/promises'

/** Sends at a fixed rate for so long; a turn that comes late sends what has become due. */
export async function pace(
  { seconds, perSecond }: { seconds: number; perSecond: number },
  send: (index: number) => void,
): Promise<number> {
  const total = Math.floor(seconds * perSecond)
  const startedAt = performance.now()
  let sent = 0
  while (sent < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - startedAt) / 1000) * perSecond))
    while (sent < due) send(sent++)
    await sleep(1)
  }
  return total
}
