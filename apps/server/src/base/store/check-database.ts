import pg from 'pg'
import { messageOf, type Monotonic } from '#base/kernel'
import { connectionSettings } from './connect.ts'

const OLDEST_SERVER = 150_000
/** How long a server that starts at the same time may take. */
const PATIENCE_MS = 10_000
const RETRY_MS = 100
const CANNOT_CONNECT_NOW = '57P03'

/**
 * Checks that the database can be used, before anything waits for it.
 * @throws an `Error` with one clear line when it cannot
 */
export async function checkDatabase(monotonic: Monotonic, url: string): Promise<void> {
  const giveUpAt = monotonic.now() + PATIENCE_MS
  for (;;) {
    const client = new pg.Client(connectionSettings(url))
    // A broken connection makes the awaited call fail.
    client.on('error', () => undefined)
    try {
      await client.connect()
      await refuseOldServer(client)
      return
    } catch (cause) {
      if (!isStarting(cause) || monotonic.now() > giveUpAt) throw cannotStart(cause)
    } finally {
      await client.end()
    }
    await monotonic.sleep(RETRY_MS)
  }
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string; number: number }>(`
    select current_setting('server_version') as version, current_setting('server_version_num')::int as number`)
  if ((rows[0]?.number ?? 0) < OLDEST_SERVER) {
    throw new Error(`PostgreSQL 15 or newer is needed, this is ${rows[0]?.version}`)
  }
}

function isStarting(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return code === 'ECONNREFUSED' || code === CANNOT_CONNECT_NOW
}

function cannotStart(cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return new Error(`Cannot start: the database cannot be used: ${messageOf(cause) || code}`, {
    cause,
  })
}
