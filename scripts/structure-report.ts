import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { areas, modules } from '../oxlint.config.ts'
import { arrows, circles, type SourceFile, sourceFiles } from './structure.ts'

/** Prints the structure as it is: sizes of modules, who enters whom, circles, and how often code uses the glossary's words. */

const root = join(import.meta.dirname, '..')

const areaOf = (module: string) => module.split('/')[0] ?? module

function printModules(files: readonly SourceFile[]): void {
  console.log('Modules: files, lines')
  for (const module of modules) {
    const own = files.filter((file) => file.module === module)
    const lines = own.reduce((sum, { text }) => sum + text.split('\n').length, 0)
    console.log(
      `  ${module.padEnd(28)} ${String(own.length).padStart(3)} ${String(lines).padStart(6)}`,
    )
  }
}

function printArrows(files: readonly SourceFile[]): void {
  const all = [...arrows(files)].flatMap(([from, others]) => [...others].map((to) => [from, to]))
  const outside = new Set(
    all
      .map(([from = '', to = '']) => [areaOf(from), areaOf(to)])
      .filter(([from, to]) => from !== to)
      .map(([from, to]) => `${from} > ${to}`),
  )
  const names = Object.keys(areas)
  const upward = [...outside].filter((arrow) => {
    const [from = '', to = ''] = arrow.split(' > ')
    return names.indexOf(to) > names.indexOf(from)
  })
  console.log(
    `\n${names.length} areas, ${outside.size} arrows between them, ${upward.length} upward`,
  )
  console.log(`${modules.length} modules, ${all.length} arrows between them`)
  console.log(`${circles(files).length} circles of files, types included`)
}

/** The words of the glossary, each with the number of times that identifiers and comments of the product use it. */
function printWords(files: readonly SourceFile[]): void {
  const text = files.map((file) => file.text).join('\n')
  const words = text
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, ' ')
  const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const glossary = architecture.slice(architecture.indexOf('## Glossary'))
  console.log('\nWords of the glossary')
  for (const [, row = ''] of glossary.matchAll(/^\| ([^|]+) \|/gm)) {
    for (const word of row.split(', ').map((one) => one.trim().toLowerCase())) {
      if (word === 'word') continue
      const count = words.match(new RegExp(`\\b${word}s?\\b`, 'g'))?.length ?? 0
      console.log(`  ${word.padEnd(24)} ${String(count).padStart(6)}`)
    }
  }
}

const files = sourceFiles()
printModules(files)
printArrows(files)
printWords(files)
