import { login, type Session } from '@parley/client'
import type { Command } from 'commander'
import {
  type Connection,
  type ConnectionOptions,
  findConnection,
  readFirstRun,
} from '../connection.ts'
import { callersFolder } from '../folders.ts'
import { serverAddress } from '../option-values.ts'
import { findRunningWorld } from '../local-world/running-world.ts'
import { join } from 'node:path'
import { findSavedLogin } from './saved-login.ts'

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

/**
 * The session of the `parley dev` that runs for the caller's project; else that of `parley login`; else, and with `--url` or
 * `--data`, a new one of the administrator that the first start has left in the data directory.
 * @throws an `Error` that says what to do where there is none of them
 */
export async function openSession(options: ConnectionOptions): Promise<Session> {
  const isNamed = options.url !== undefined || options.data !== undefined
  const world = isNamed ? undefined : findRunningWorld(callersFolder())
  if (world) {
    const { admin } = readFirstRun(join(world.dataDir, 'first-run.json'))
    return login(world, admin)
  }
  const saved = options.data === undefined ? findSavedLogin() : undefined
  if (saved && (options.url === undefined || options.url === saved.url)) {
    return { ...saved, pid: undefined }
  }
  const { endpoint, admin } = findConnection(options, process.env)
  return login(endpoint, admin)
}

/** The administrator's: that of `parley login` to this very account, because a password of the first start is soon another one. */
export async function openAdminSession({ endpoint, admin }: Connection): Promise<Session> {
  const saved = findSavedLogin()
  const isOfThis = saved?.url === endpoint.url && saved.accountId === endpoint.accountId
  return isOfThis ? { ...saved, pid: undefined } : login(endpoint, admin)
}
