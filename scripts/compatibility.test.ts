import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/compatibility.md'), 'utf8')
const rows = (page.split('## The seeds, sentence by sentence')[1]?.split('\n## ')[0] ?? '')
  .split('\n')
  .filter((line) => /^\| \d{3} /.test(line))
  .map((line) => {
    const [, guide = '', sentence = '', shown = '', remark = ''] = line
      .split(' | ')
      .join('|')
      .split('|')
      .map((cell) => cell.trim())
    return { guide, sentence, shown, remark }
  })

test('every guide has its sentences in the table', () => {
  expect([...new Set(rows.map(({ guide }) => guide))]).toEqual(['000', '001', '002', '003', '004'])
})

test.each(rows)('$guide, $sentence: the test that shows it exists', ({ shown, remark }) => {
  if (shown === 'not') return expect(remark).not.toBe('')
  const [, file = '', name = ''] = /^`([^`]+\.test\.ts)`: (.+)$/.exec(shown) ?? []
  expect(existsSync(join(root, file))).toBe(true)
  // The title of a test, as it is written there.
  const source = readFileSync(join(root, file), 'utf8')
  const literals = [`'${name}'`, `"${name}"`, `\`${name}\``]
  const titles = literals.flatMap((title) => [`test(${title},`, `(${title}, `, `  ${title},\n`])
  expect(titles.some((title) => source.includes(title))).toBe(true)
})
