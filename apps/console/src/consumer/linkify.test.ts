import { expect, test } from 'vitest'
import { linkify } from './linkify.ts'

const linksIn = (text: string) =>
  linkify(text).flatMap((part) => (typeof part === 'string' ? [] : [part.href]))

test.each([
  ['See https://example.com/a?b=c#d.', 'https://example.com/a?b=c#d'],
  ['(www.example.com)', 'https://www.example.com/'],
  [
    'https://en.wikipedia.org/wiki/Watering_can_(garden)',
    'https://en.wikipedia.org/wiki/Watering_can_(garden)',
  ],
  ['"http://example.com/ä", they said', 'http://example.com/%C3%A4'],
  ['Write to ada.l+x@mail.example.org!', 'mailto:ada.l+x@mail.example.org'],
  ['Call +44 20 7946 0958, please', 'tel:+442079460958'],
  ['Rufen Sie (030) 1234567 an', 'tel:0301234567'],
  ['Tel. 030 / 123 45 67', 'tel:0301234567'],
  ['+49 (0)30 1234567', 'tel:+49301234567'],
])('%s leads to %s', (text, href) => {
  expect(linksIn(text)).toEqual([href])
})

test.each([
  'Order 1002, sent on 2026-11-21 at 10:00',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'It costs 12.50 or 1,000,000',
  '0123456789',
  'a@b',
  'https://',
])('%s leads nowhere', (text) => {
  expect(linksIn(text)).toEqual([])
})

test('the parts of a text are the text', () => {
  const text = 'Hello www.example.com, or a@example.com. Or +44 20 7946 0958'
  const words = linkify(text).map((part) => (typeof part === 'string' ? part : part.text))
  expect(words.join('')).toBe(text)
})
