export { endOfDays, followFewerDays, Since } from './kept-days.ts'
export { instantsOf, localTime, plusDays, startOfDay } from './local-time.ts'
export { type MailForm, mailForm } from './mail-form.ts'
export { openSettings, type Settings } from './open.ts'
