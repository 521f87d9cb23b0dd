import { type AllSettings, counted } from '@parley/contract'
import { recurringTimer, type Timer, type TimerKind } from '#base/delivery'
import { invalid } from '#base/kernel'
import type { Db } from '#base/store'
import type { Actor } from '#identity/audit'
import type { ReportDeps } from './deps.ts'
import { nextDue, type Rhythm, rhythmOf } from './periods.ts'
import { makeReport, senderOf } from './report.ts'

const REPORT = 'report'

/** Of mails that have no sender: they are held, so that an administrator names one. */
const NO_SENDER = 'report@parley.invalid'

/**
 * In the transaction that changes settings: arms the timer, or disarms it. One that is due already stays so while the rhythm does.
 * @throws ParleyError `invalid_request` for more recipients than the account may have
 */
export async function followSettings(
  deps: ReportDeps,
  tx: Db,
  accountId: string,
  { before, after, actor }: { before: AllSettings; after: AllSettings; actor?: Actor | undefined },
): Promise<void> {
  const { delivery, clock, functionConfig } = deps
  const { frequency, recipients } = after.reports
  const isChanged = JSON.stringify(before.reports) !== JSON.stringify(after.reports)
  if (!isChanged) return
  const { reportRecipients } = after.limits
  if (recipients.length > Math.max(reportRecipients, before.reports.recipients.length)) {
    const message = `must have at most ${reportRecipients} addresses: limits.reportRecipients of the account`
    throw invalid('body.recipients', message)
  }
  const rhythm = rhythmOf(after)
  if (rhythm !== rhythmOf(before)) {
    const timer = { kind: REPORT, key: REPORT }
    if (!rhythm) await delivery.disarmTimer(tx, accountId, timer)
    else {
      const dueAt = nextDue(rhythm, clock.now())
      await delivery.armTimer(tx, accountId, { ...timer, dueAt, facts: {} })
    }
  }
  if (actor === undefined) return
  await functionConfig.activities.record(tx, accountId, actor, {
    topic: 'reporting',
    activity: 'Report Update',
    description: `${frequency}, ${counted(recipients.length, 'recipient')}`,
  })
}

/**
 * The mails are written in the commit that ends the due time: once, whichever nodes run or die. A due time that was missed makes
 * the newest report only.
 */
export function reportTimer(deps: ReportDeps): TimerKind<object> {
  const { settings, clock } = deps
  /** A clock that is set back must not make the same report twice. */
  const atLeastDue = ({ dueAt }: Timer<object>) => Math.max(clock.now(), dueAt)
  const rhythmNow = async (accountId: string) => rhythmOf(await settings.get(accountId))
  return recurringTimer(deps, {
    kind: REPORT,
    workers: 'platform',
    async run(timer) {
      const { accountId } = timer
      const rhythm = await rhythmNow(accountId)
      return rhythm ? await writeMails(deps, accountId, rhythm, atLeastDue(timer)) : 'done'
    },
    async nextAt(timer) {
      const rhythm = await rhythmNow(timer.accountId)
      return rhythm && nextDue(rhythm, atLeastDue(timer))
    },
  })
}

/** Of two nodes one may be a little ahead. */
const MAX_AHEAD_MS = 3_600_000

/** Where a clock that was ahead has armed it. A report that has left is not made again: the next one is of a later day or week. */
export async function bringBackReport(
  { settings, delivery, store, clock }: ReportDeps,
  accountId: string,
): Promise<void> {
  const rhythm = rhythmOf(await settings.get(accountId))
  if (!rhythm) return
  const now = clock.now()
  const latest = nextDue(rhythm, now + MAX_AHEAD_MS)
  const timer = { kind: REPORT, key: REPORT, latest, dueAt: nextDue(rhythm, now) }
  await delivery.bringTimerBack(store.db, accountId, timer)
}

async function writeMails(deps: ReportDeps, accountId: string, rhythm: Rhythm, at: number) {
  const { settings, mails, logger } = deps
  const { recipients } = (await settings.get(accountId)).reports
  const { subject, html, text } = await makeReport(deps, accountId, rhythm, at)
  const senderEmail = await senderOf(deps, accountId)
  const queued = recipients.map((targetEmail) => ({
    header: { targetEmail, senderName: 'Parley', senderEmail: senderEmail ?? NO_SENDER, subject },
    source: REPORT,
    isSenderChecked: senderEmail === undefined,
  }))
  if (!mails.hasServer) {
    const told = { accountId, recipients: recipients.length }
    logger.warn(told, 'The report stays in the mail outbox: there is no mail server')
  }
  const { documents, outbox } = await mails.enqueue(accountId, { content: { html, text } }, queued)
  return { documents, outbox }
}
