import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import { holdMail, sendMailNow, sendMailsNow } from './hold-mail.ts'
import { countMails, listMails, readMail } from './read-mails.ts'
import { reportBounce } from './report-bounce.ts'
import type { MailRoom } from './room.ts'
import { mailView } from './views.ts'

export function mailRoutes({ app }: Http, room: MailRoom): void {
  route(app, contract.listMails, ({ params, query }) => listMails(room, params.accountId, query))
  route(app, contract.countMails, ({ params }) => countMails(room, params.accountId))
  route(app, contract.getMail, ({ params }) => readMail(room, params.accountId, params.mailId))
  route(app, contract.holdMail, async ({ params }) =>
    mailView(await holdMail(room, params.accountId, params.mailId)),
  )
  route(app, contract.sendMail, async ({ params }) =>
    mailView(await sendMailNow(room, params.accountId, params.mailId)),
  )
  route(app, contract.sendMails, ({ params, body }) =>
    sendMailsNow(room, params.accountId, body.state),
  )
  route(app, contract.reportBounce, async ({ params, body }) =>
    mailView(await reportBounce(room, params.accountId, body.message)),
  )
}
