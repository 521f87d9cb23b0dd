import { uuidOf } from '#base/kernel'

/** By whom the platform itself speaks in conversations. Not a user: nobody logs in as it. */
export interface BotIdentity {
  userId: string
  pid: string
}

/** Below the ids of users. */
const CONTROLLER_BOT_USER_ID = '1'

/** The same on every node and after every start, without a row. */
export function controllerBotOf(accountId: string): BotIdentity {
  const pid = uuidOf(`controller-bot ${accountId}`)
  return { userId: CONTROLLER_BOT_USER_ID, pid }
}
