import { SourceMap } from 'node:module'
import type { SourceLanguage, SourceProblem } from '@parley/contract'
import type { Place } from './parse-script.ts'
import { sourceFile } from './source-file.ts'

const AWAIT_OUTSIDE = '"await" can only be used inside an "async" function, not outside of all'

export type CompiledTypeScript =
  | {
      ok: true
      javascript: string
      sourceMap: string
      /** The author's place of a place in the JavaScript. */
      original: (at: Place) => Place
    }
  | { ok: false; problems: SourceProblem[] }

/**
 * Types are dropped, not checked; `import`, `import()` and `export` become `require` and `module.exports`, so that all of them find the same
 * modules.
 */
export async function compileTypeScript(
  code: string,
  language: SourceLanguage,
): Promise<CompiledTypeScript> {
  // Loaded at the first use: most servers never see TypeScript, and the compiler is a process of its own.
  const { transform } = await import('esbuild')
  try {
    const { code: javascript, map } = await transform(code, {
      loader: language === 'typescript' ? 'ts' : 'js',
      format: 'cjs',
      target: 'es2024',
      supported: { 'dynamic-import': false },
      sourcemap: 'external',
      sourcefile: sourceFile(language),
      logLevel: 'silent',
      tsconfigRaw: { compilerOptions: { alwaysStrict: false, verbatimModuleSyntax: false } },
    })
    const sourceMap = JSON.stringify({ ...JSON.parse(map), sourcesContent: undefined })
    return { ok: true, javascript, sourceMap, original: originalPlace(sourceMap) }
  } catch (error) {
    const problems = problemsOf(error)
    if (!problems) throw error
    return { ok: false, problems }
  }
}

/** @param sourceMap JSON of a source map of one source */
export function originalPlace(sourceMap: string): (at: Place) => Place {
  const map = new SourceMap(JSON.parse(sourceMap))
  return (at) => {
    const origin = map.findOrigin(at.line, at.column)
    return 'lineNumber' in origin ? { line: origin.lineNumber, column: origin.columnNumber } : at
  }
}

function problemsOf(error: unknown): SourceProblem[] | undefined {
  if (!(error instanceof Error) || !('errors' in error) || !Array.isArray(error.errors)) {
    return undefined
  }
  const messages: { text: string; location: { line: number; column: number } | null }[] =
    error.errors
  return messages.map(({ text, location }) => ({
    rule: 'syntax',
    // The compiler's own words name a format that no author has chosen.
    message: text.startsWith('Top-level await') ? AWAIT_OUTSIDE : text,
    ...(location && { line: location.line, column: location.column + 1 }),
  }))
}
