import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { expect, onTestFinished, test } from 'vitest'
import { catchMails } from './catch-mails.ts'
import type { CaughtMail } from './world-messages.ts'

test('a mail becomes a file with all that it holds, and is told of; numbers go on after a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-mails-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const heard: CaughtMail[] = []
  for (const subject of ['Grüße', 'Second']) {
    await using catcher = await catchMails(folder, (mail) => void heard.push(mail))
    const mail = {
      from: 'bot@example.com',
      to: 'ada@example.com',
      subject,
      text: `about ${subject}`,
    }
    await createTransport({ url: catcher.url }).sendMail(mail)
    await expect.poll(() => heard.at(-1)).toMatchObject({ subject })
  }

  expect(heard).toEqual([
    {
      from: 'bot@example.com',
      to: ['ada@example.com'],
      subject: 'Grüße',
      file: join(folder, '0001.eml'),
    },
    {
      from: 'bot@example.com',
      to: ['ada@example.com'],
      subject: 'Second',
      file: join(folder, '0002.eml'),
    },
  ])
  expect(readFileSync(join(folder, '0002.eml'), 'utf8')).toContain('about Second')
})

test('a mail takes the place of none that is there, where earlier ones were deleted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-mails-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, '0002.eml'), 'Kept')
  await using catcher = await catchMails(folder, () => undefined)

  const mail = { from: 'bot@example.com', to: 'ada@example.com', subject: 'New', text: 'New' }
  await createTransport({ url: catcher.url }).sendMail(mail)

  expect(readdirSync(folder).toSorted()).toEqual(['0002.eml', '0003.eml'])
  expect(readFileSync(join(folder, '0002.eml'), 'utf8')).toBe('Kept')
})
