import { createTransport } from 'nodemailer'

interface Order {
  count: number
  subject: string
  html: string
  text: string
}

/** What there is nothing quicker than: nodemailer's pool, and nothing else. */
const transporter = createTransport({
  host: '127.0.0.1',
  port: Number(process.env['PORT']),
  pool: true,
  maxConnections: 5,
  maxMessages: Number.POSITIVE_INFINITY,
})

process.on('message', ({ count, ...content }: Order) => {
  const mails = Array.from({ length: count }, () =>
    transporter.sendMail({ ...content, from: 'noreply@example.com', to: 'team@example.com' }),
  )
  Promise.all(mails).then(
    () => process.send?.({ sent: count }),
    (cause: unknown) => process.send?.({ failed: String(cause) }),
  )
})
process.send?.({ ready: true })
