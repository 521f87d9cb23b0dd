import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

const FOLDER = process.env['SCREENSHOTS']

/**
 * `npm run screenshots` has the tests take the pictures of the documents: those that a document shows. With another folder in
 * `SCREENSHOTS` they take all there are.
 */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (!FOLDER || (FOLDER === 'docs/images' && !isShown(name))) return
  mkdirSync(FOLDER, { recursive: true })
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' })
}

function isShown(name: string): boolean {
  return readdirSync('docs')
    .filter((file) => file.endsWith('.md'))
    .some((file) => readFileSync(join('docs', file), 'utf8').includes(`images/${name}.png`))
}
