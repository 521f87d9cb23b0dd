import { previewReport } from '@parley/contract'
import { type Http, route } from '#base/http'
import type { ReportDeps } from './deps.ts'
import { DAY_MS } from './periods.ts'
import { showReport } from './report.ts'
import { bringBackReport, followSettings, reportTimer } from './timer.ts'

/** Figures of the functions by mail, every day or every week. */
export function openReports(deps: ReportDeps) {
  const { delivery, settings, clock, mails } = deps
  delivery.onTimer(reportTimer(deps))
  settings.alsoWrite((tx, accountId, change) => followSettings(deps, tx, accountId, change))
  return {
    /** Reports are kept as long as what they show. */
    async endOld(accountId: string): Promise<boolean> {
      const { metricsDays } = (await settings.get(accountId)).retention
      await mails.endOthersBefore(accountId, clock.now() - metricsDays * DAY_MS)
      return true
    },
    bringBack: (accountId: string) => bringBackReport(deps, accountId),
    routes({ app }: Http): void {
      route(app, previewReport, ({ params, query }) =>
        showReport(deps, params.accountId, query.frequency),
      )
    },
  }
}
