import { login, type Session } from '@parley/client'
import type { Command } from 'commander'
import {
  type Connection,
  type ConnectionOptions,
  findConnection,
  readFirstRun,
  serverUrl,
} from '../connection.ts'
import { callersFolder } from '../folders.ts'
import { serverAddress } from '../option-values.ts'
import { findRunningWorld } from '../local-world/running-world.ts'
import { join } from 'node:path'
import { findSavedLogin, type SavedLogin } from './saved-login.ts'

/** Adds the options that say which server and account a command talks to. */
export function withServer(command: Command): Command {
  return command
    .option(
      '--url <url>',
      'address of the server (default: that of parley dev in this project, of parley login, or this machine)',
      serverAddress,
    )
    .option('--data <folder>', 'log in as the administrator of this data directory')
}

/** Where a command finds its session: in the world of the caller's project, in what `parley login` has kept, or by a log-in. */
type Source =
  | { kind: 'world'; url: string; world: NonNullable<ReturnType<typeof findRunningWorld>> }
  | { kind: 'saved'; url: string; saved: SavedLogin }
  | { kind: 'first-run'; url: string }

/** The `parley dev` that runs for the caller's project, where no other server is named. */
export function findWorld({ url, data }: ConnectionOptions) {
  const isNamed = url !== undefined || data !== undefined
  return isNamed ? undefined : findRunningWorld(callersFolder())
}

function findSource(options: ConnectionOptions): Source {
  const { url, data } = options
  const world = findWorld(options)
  if (world) return { kind: 'world', url: world.url, world }
  const saved = data === undefined ? findSavedLogin() : undefined
  if (saved && (url === undefined || url === saved.url)) {
    return { kind: 'saved', url: saved.url, saved }
  }
  return { kind: 'first-run', url: serverUrl(url, process.env) }
}

/** The server that `openSession` talks to. */
export function findServer(options: ConnectionOptions): string {
  return findSource(options).url
}

/**
 * The session of the `parley dev` that runs for the caller's project; else that of `parley login`; else, and with `--url` or
 * `--data`, a new one of the administrator that the first start has left in the data directory.
 * @throws an `Error` that says what to do where there is none of them
 */
export async function openSession(options: ConnectionOptions): Promise<Session> {
  const { data } = options
  const source = findSource(options)
  if (source.kind === 'world') {
    const { admin } = readFirstRun(join(source.world.dataDir, 'first-run.json'))
    return login(source.world, admin)
  }
  if (source.kind === 'saved') return { ...source.saved, pid: undefined }
  const instead =
    data === undefined ? 'log in with parley login' : `log in with parley login, without --data`
  const { endpoint, admin } = findConnection(options, process.env, instead)
  return login(endpoint, admin)
}

/** The administrator's: that of `parley login` to this very account, because a password of the first start is soon another one. */
export async function openAdminSession({ endpoint, admin }: Connection): Promise<Session> {
  const saved = findSavedLogin()
  const isOfThis = saved?.url === endpoint.url && saved.accountId === endpoint.accountId
  return isOfThis ? { ...saved, pid: undefined } : login(endpoint, admin)
}
