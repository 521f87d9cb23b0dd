import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import { holdMail, sendMailNow, sendMailsNow } from './hold-mail.ts'
import { countMails, listMails, readMail } from './read-mails.ts'
import { reportBounce } from './report-bounce.ts'
import type { MailDeps } from './deps.ts'
import { mailView } from './views.ts'

export function mailRoutes({ app }: Http, deps: MailDeps): void {
  route(app, contract.listMails, ({ params, query }) => listMails(deps, params.accountId, query))
  route(app, contract.countMails, ({ params }) => countMails(deps, params.accountId))
  route(app, contract.getMail, ({ params }) => readMail(deps, params.accountId, params.mailId))
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
