import { uuidOf } from '#base/kernel'

/** Below the ids of users; the Controller Bot has 1. */
const SURVEY_BOT_USER_ID = '2'

/** By whom surveys are asked: the same on every node and after every start, without a row. */
export function surveyBotOf(accountId: string): { userId: string; pid: string } {
  const pid = uuidOf(`survey-bot ${accountId}`)
  return { userId: SURVEY_BOT_USER_ID, pid }
}
