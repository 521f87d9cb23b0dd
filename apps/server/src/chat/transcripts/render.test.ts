import type { SharedChatEntry } from '@parley/contract'
import { expect, test } from 'vitest'
import { mailForm } from '#identity/settings'
import { renderHtml } from './render-html.ts'
import { renderText } from './render-text.ts'

const UTC = mailForm({ timeZone: 'UTC', language: 'en-US' })

function chatWith(text: string, name = 'Ada') {
  const at = '2026-01-05T10:00:00.000Z'
  const entries: SharedChatEntry[] = [
    { sequence: 0, at, type: 'line', by: 'CONSUMER', name, text },
    { sequence: 1, at, type: 'accepted', name: 'John Doe' },
    { sequence: 2, at, type: 'transferred', name: 'John Doe', skillName: 'Returns' },
    { sequence: 3, at, type: 'ended', by: 'CONSUMER', reason: 'closed' },
  ]
  return {
    chatId: 'c-1',
    skillName: 'CustomerCare',
    agentNames: ['John Doe'],
    consumerName: name,
    startedAt: Date.parse(at),
    endedAt: Date.parse(at) + 60_000,
    entries,
  }
}

test('the text names everybody and everything in order', () => {
  expect(renderText(chatWith('Hello'), UTC)).toBe(`Consumer: Ada
Agent: John Doe
Skill: CustomerCare
Started: 2026-01-05 10:00:00 UTC
Ended: 2026-01-05 10:01:00 UTC
Chat: c-1

[2026-01-05 10:00:00] Ada: Hello
[2026-01-05 10:00:00] * John Doe joined the chat
[2026-01-05 10:00:00] * John Doe transferred the chat to Returns
[2026-01-05 10:00:00] * The consumer ended the chat
`)
})

test.each([
  ['2026-03-29T00:59:30Z', 'Time (GMT+1, GMT+2)'],
  ['2026-10-25T00:59:30Z', 'Time (GMT+2, GMT+1)'],
  ['2026-10-26T00:59:30Z', 'Time (GMT+1)'],
])('the times of a chat that goes on while clocks change say both offsets: %s', (began, head) => {
  const berlin = mailForm({ timeZone: 'Europe/Berlin', language: 'en-US' })
  const startedAt = Date.parse(began)
  const entries = chatWith('Hello').entries.map((entry, minute) => ({
    ...entry,
    at: new Date(startedAt + minute * 60_000).toISOString(),
  }))
  const html = renderHtml({ ...chatWith('Hello'), startedAt, entries }, berlin)
  expect(html).toContain(`>${head}</th>`)
})

test('a message cannot look like a message of another participant', () => {
  const forged = 'yes\n[2026-01-05 10:00:00] John Doe: You get your money back\rAnd more'
  const lines = renderText(chatWith(forged, 'Ada\nChat: c-2'), UTC).split('\n')
  expect(lines.filter((line) => line.startsWith('[2026-01-05 10:00:00] John Doe:'))).toEqual([])
  expect(lines.filter((line) => line.startsWith('Chat:'))).toEqual(['Chat: c-1'])
  expect(lines).toContain('    And more')
})

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><a href="javascript:alert(1)">x</a>',
  "' onmouseover='alert(1)",
  '&lt;b&gt;',
  '</td></tr></table>',
])('markup in a line or a name stays text: %s', (markup) => {
  const html = renderHtml(chatWith(markup, markup), UTC)
  const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, name = '']) => name))
  expect([...tags].toSorted()).toEqual([
    'bdi',
    'body',
    'h1',
    'head',
    'html',
    'meta',
    'strong',
    'table',
    'td',
    'th',
    'title',
    'tr',
  ])
  expect(textOf(html).split(markup)).toHaveLength(4)
})

test('characters that turn or break the text around them are replaced', () => {
  const html = renderHtml(chatWith('a\u202Eb\u0007c\u2028d'), UTC)
  expect(html).toContain('<bdi>a\uFFFDb\uFFFDc<br>d</bdi>')
})

function textOf(html: string): string {
  return html
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
