import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { buildProgram } from './build-program.ts'

const SOURCE = `
const cooked = (parts: TemplateStringsArray, ...values: string[]) => parts.join(values[0])
export const told = [
  'é 😀',
  \`«\${1}»\`,
  cooked\`É\${'–'}é\`,
  '“a”'.replaceAll(/[“”]/g, '"'),
  /^[😀-😂]$/u.test('😁'),
]
`

test('a built program is ASCII, and says the same', async () => {
  const root = mkdtempSync(join(tmpdir(), 'parley-build-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'apps'))
  writeFileSync(join(root, 'apps/main.ts'), SOURCE)

  await buildProgram(root, 'apps/main.ts', join(root, 'built/key/main.mjs'))

  const folder = join(root, 'built/key')
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  expect(texts.join('')).not.toMatch(/[^\0-\x7f]/)
  const { told } = (await import(pathToFileURL(join(folder, 'main.mjs')).href)) as { told: unknown }
  expect(told).toEqual(['é 😀', '«1»', 'É–é', '"a"', true])
})
