import { createHash } from 'node:crypto'

/** By whom the platform itself speaks in conversations. Not a user: nobody logs in as it. */
export interface BotIdentity {
  userId: string
  pid: string
}

/** Below the ids of users. */
const CONTROLLER_BOT_USER_ID = '1'

/** The same on every node and after every start, without a row. */
export function controllerBotOf(accountId: string): BotIdentity {
  const hex = createHash('sha256').update(`controller-bot ${accountId}`).digest('hex')
  const pid = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
  return { userId: CONTROLLER_BOT_USER_ID, pid }
}
