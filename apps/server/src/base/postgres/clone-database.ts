import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** Copies a database without connections, on the same server; disposing drops the copy. For tests. */
export async function cloneDatabase(
  templateUrl: string,
): Promise<AsyncDisposable & { url: string }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const template = new URL(templateUrl).pathname.slice(1)
  await administer(templateUrl, `create database ${name} template ${template} strategy file_copy`)
  return {
    url: withDatabase(templateUrl, name),
    [Symbol.asyncDispose]: () => administer(templateUrl, `drop database ${name} with (force)`),
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

/** Connects to another database: the template must have no connections. */
async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client(withDatabase(url, 'template1'))
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
