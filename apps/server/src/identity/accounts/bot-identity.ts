import { uuidOf } from '#base/kernel'

/** The identity of the platform itself in conversations. It is not a user and cannot log in. */
export interface BotIdentity {
  userId: string
  pid: string
}

/** Smaller than all ids of users. */
const CONTROLLER_BOT_USER_ID = '1'

/** The same on every node and after every start, without a row. */
export function controllerBotOf(accountId: string): BotIdentity {
  const pid = uuidOf(`controller-bot ${accountId}`)
  return { userId: CONTROLLER_BOT_USER_ID, pid }
}
