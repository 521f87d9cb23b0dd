import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** Copies a database without connections, on the same server; disposing drops the copy. For tests. */
export async function cloneDatabase(
  templateUrl: string,
): Promise<AsyncDisposable & { url: string }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const template = new URL(templateUrl).pathname.slice(1)
  // To another database: the template must have no connections.
  const client = new pg.Client(withDatabase(templateUrl, 'template1'))
  // A broken connection makes the drop fail.
  client.on('error', () => undefined)
  await client.connect()
  await client.query(`create database ${name} template ${template} strategy file_copy`)
  return {
    url: withDatabase(templateUrl, name),
    async [Symbol.asyncDispose]() {
      await client.query(`drop database ${name} with (force)`)
      await client.end()
    },
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
