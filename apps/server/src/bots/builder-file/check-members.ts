import { BotExport } from '@parley/contract'
import { type BotCheck, count, fail, warn } from './findings.ts'
import { unreadMembers } from './unread-members.ts'

/** So many lines tell enough of a file that holds another format. */
const MAX_MEMBERS = 1_000

/** Each member that is switched on and that nothing reads, once for each interaction. */
export function checkMembers(check: BotCheck, bot: BotExport, accepted: readonly string[]): void {
  const told = new Set<string>()
  for (const { member, owner = bot.bot.name, place } of unreadMembers(BotExport, bot)) {
    const line = JSON.stringify([owner, place])
    if (told.has(line)) continue
    if (told.size === MAX_MEMBERS) {
      return fail(check, bot.bot.name, `has more than ${MAX_MEMBERS} members that do not run`)
    }
    told.add(line)
    count(check, 'member', member)
    const tell = accepted.includes(member) ? warn : fail
    tell(check, owner, `member "${member}" does not run`)
  }
}
