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
  // A broken connection makes the awaited query fail.
  client.on('error', () => undefined)
  await using opened = new AsyncDisposableStack()
  opened.defer(() => client.end())
  await client.connect()
  await client.query(`create database ${name} template ${template} strategy file_copy`)
  opened.defer(async () => void (await client.query(`drop database ${name} with (force)`)))
  const resources = opened.move()
  return {
    url: withDatabase(templateUrl, name),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
