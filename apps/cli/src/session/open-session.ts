import { login, type Session } from '@parley/client'
import type { Command } from 'commander'
import { type ConnectionOptions, findConnection } from '../connection.ts'
import { findSavedLogin } from './saved-login.ts'

/** Adds the options that say which server and account a command talks to. */
export function withServer(command: Command): Command {
  return command
    .option('--url <url>', 'address of the server (default: that of parley login, or this machine)')
    .option('--data <folder>', 'log in as the administrator of this data directory')
}

/**
 * The session of `parley login`; without one, or with `--url` or `--data`, a new one of the administrator that the first start has
 * left in the data directory.
 * @throws an `Error` that says what to do where there is neither
 */
export async function openSession(options: ConnectionOptions): Promise<Session> {
  const saved = options.data === undefined ? findSavedLogin() : undefined
  if (saved && (options.url === undefined || options.url === saved.url)) {
    return { ...saved, pid: undefined }
  }
  const { endpoint, admin } = findConnection(options, process.env)
  return login(endpoint, admin)
}
