import { MailAddress, type previewReport } from '@parley/contract'
import type * as z from 'zod'
import type { ReportDeps } from './deps.ts'
import { readFigures } from './figures.ts'
import { newestPeriod, nextDue, type Rhythm, rhythmOf } from './periods.ts'
import { renderReport } from './render.ts'

/** The newest report as it would leave now. */
export async function showReport(
  deps: ReportDeps,
  accountId: string,
  asked: Rhythm | undefined,
): Promise<z.output<(typeof previewReport)['reply']>> {
  const { reports } = await deps.settings.get(accountId)
  const { frequency } = reports
  const rhythm = rhythmOf({ reports })
  const { period, ...content } = await makeReport(
    deps,
    accountId,
    asked ?? (frequency === 'none' ? 'daily' : frequency),
    deps.clock.now(),
  )
  const senderEmail = await senderOf(deps, accountId)
  return {
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    ...content,
    ...(senderEmail !== undefined && { senderEmail }),
    mailServer: deps.mails.hasServer,
    ...(rhythm && { nextAt: new Date(nextDue(rhythm, deps.clock.now())).toISOString() }),
  }
}

export async function makeReport(deps: ReportDeps, accountId: string, rhythm: Rhythm, at: number) {
  const period = newestPeriod(rhythm, at)
  return { period, ...renderReport(await readFigures(deps, accountId, rhythm, period)) }
}

/** The first address of the account's senders; else one of this server, where its name is known. */
export async function senderOf(
  { settings, publicUrl }: ReportDeps,
  accountId: string,
): Promise<string | undefined> {
  const { senders } = (await settings.get(accountId)).transcripts
  const own = senders.find((sender) => !sender.startsWith('@'))
  if (own !== undefined || publicUrl === undefined) return own
  return MailAddress.safeParse(`parley@${new URL(publicUrl).hostname}`).data
}
