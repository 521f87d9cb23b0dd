import * as contract from '@parley/contract'
import { type Http, type Principal, route } from '#base/http'
import { holdMail, sendMailNow, sendMailsNow } from './hold-mail.ts'
import { countMails, listMails, readMail } from './read-mails.ts'
import { reportBounce } from './report-bounce.ts'
import type { MailDeps } from './deps.ts'
import { mailView } from './views.ts'

export function mailRoutes({ app }: Http, deps: MailDeps): void {
  const readerOf = (principal: Principal) => deps.reading.readerOf(principal)
  route(app, contract.listMails, async ({ params, query, principal }) =>
    listMails(deps, params.accountId, await readerOf(principal), query),
  )
  route(app, contract.countMails, async ({ params, principal }) =>
    countMails(deps, params.accountId, await readerOf(principal)),
  )
  route(app, contract.getMail, async ({ params, principal }) =>
    readMail(deps, params.accountId, await readerOf(principal), params.mailId),
  )
  route(app, contract.holdMail, async ({ params }) =>
    mailView(await holdMail(deps, params.accountId, params.mailId)),
  )
  route(app, contract.sendMail, async ({ params }) =>
    mailView(await sendMailNow(deps, params.accountId, params.mailId)),
  )
  route(app, contract.sendMails, ({ params, body }) =>
    sendMailsNow(deps, params.accountId, body.state),
  )
  route(app, contract.reportBounce, async ({ params, body }) =>
    mailView(await reportBounce(deps, params.accountId, body.message)),
  )
}
