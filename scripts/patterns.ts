import { stripTypeScriptTypes } from 'node:module'
import { parse } from 'acorn'
import { full } from 'acorn-walk'
import { isSafe } from 'redos-detector'

/**
 * Patterns that may go back over what they have read, and why that takes no time: the text is short, or no stranger writes it.
 * By file and pattern. What reads long text of strangers is written so that it cannot go back.
 */
export const SHORT_TEXTS: Record<string, string> = {
  'apps/server/src/base/bounds/address-group.ts /%.*$/': 'the address of a socket',
  'apps/server/src/base/http/public-address.ts /^(0*:)*:?(0+:)*ffff:/i': 'the address of a socket',
  'apps/server/src/base/kit/secret-mask.ts /(authorization[\'"]?\\s*[:=]\\s*[\'"]?(?:basic|bearer|digest|dpop|oauth|token|apikey)\\s)[^\\r\\n\'"]+/gi':
    'goes back over white space between two words only, from one place for each word',
  'apps/server/src/base/kit/secret-mask.ts /(cookie[\'"]?\\s*:\\s*[\'"]?[\\w.-]+=)[^\\r\\n\'"]+/gi':
    'goes back over one name only, from one place for each colon',
  'apps/server/src/base/kit/secret-mask.ts /((?:authorization|cookie)\\\\*"\\s*:\\s*\\\\*")[^"\\\\\\r\\n]+/gi':
    'goes back over white space between two quotes only, from one place for each word',
  'apps/server/src/base/kit/secret-texts.ts /^(\\p{Lu}?\\p{Ll}+|\\p{Lu}+)$/u':
    'begins at one place, and its letters fit one way',
  'apps/server/src/base/kit/secret-texts.ts /^([a-z][a-z0-9+.-]*:\\/\\/)?([a-z0-9_-]+\\.)+[a-z]{2,24}(:\\d{1,5})?\\/?$/':
    'begins at one place, and its dots part it one way',
  'apps/server/src/bots/builder-dialog/replace-variables.ts /\\{([^{}"\\\\\\n]{1,200})\\}/g':
    'from each brace at most 200 characters, and another brace ends it',
  'apps/server/src/bots/builder-dialog/replace-variables.ts /^\\$?[\\p{L}_][\\p{L}\\p{N}_.$-]*$/u':
    'at most 200 characters, and begins at one place',
  'apps/server/src/bots/builder-file/check.ts /\\{([^{}"\\\\\\n]{1,200})\\}/g':
    'at most 200 characters from each bracket, of an export of at most 2 MB',
  'apps/server/src/bots/builder-file/check.ts /^[\\p{L}_][\\p{L}\\p{N}_ -]*\\.[\\p{L}\\p{N}_.-]+$/u':
    'what stands in brackets, at most 200 characters',
  'apps/server/src/faas/egress/decide.ts /^(?:\\[([^\\]]+)\\]|([^:]+)):(\\d{1,5})$/':
    'begins at one place, and its colon parts it one way',
  'apps/server/src/faas/function-config/blocked-calls.ts /(:\\d+):\\d+$/': 'at most 200 characters',
  'apps/server/src/faas/invocations/platform-entries.ts /^\\[?([^\\]]*?)\\]?(?::(\\d{1,5}))?$/':
    'at most 200 characters',
  'apps/server/src/faas/sandbox/child.ts /heap out of memory|heap limit|Out of memory|memory allocation/i':
    'words without repetitions',
  'apps/server/src/faas/source/parse-script.ts / \\(\\d+:\\d+\\)$/': 'a message of the parser',
  'apps/server/src/faas/source/places-in-source.ts /index\\.js:(\\d+):(\\d+)/g':
    'its colons part it one way, from one place for each name',
  'apps/server/src/faas/source/typed-entry.ts /@(param|type)\\b[^]*\\*\\/[^;}]*$/':
    'runs in the process of the compiler, which is ended when it takes long',
  'apps/server/src/identity/credentials/oauth1.ts /^OAuth\\s+(.*)$/is':
    'begins at one place, and a header has 16 KB at most',
  'packages/contract/src/settings/messaging.ts /^(\\*\\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/':
    'the name of a host, whose length is checked first',
  "packages/contract/src/text.ts /^[\\w!#$%&'*+/=?^`{|}~-]+(?:\\.[\\w!#$%&'*+/=?^`{|}~-]+)*@(?:[a-z0-9][a-z0-9-]*\\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)$/i":
    'begins at one place, and its dots part it one way',
  'packages/toolbelt/src/harness/failure.ts /allocation|array buffer|call stack|invalid (array|string) length|memory/i':
    'words without repetitions, inside an instance',
}

/** Enough for all patterns of the product that are fine. The detector gives up at the same place on every machine. */
const MAX_STEPS = 3000

/** The patterns of a source that could take more than linear time. */
export function slowPatterns(text: string): string[] {
  const program = parse(stripTypeScriptTypes(text), {
    ecmaVersion: 'latest',
    sourceType: 'module',
  })
  const found: string[] = []
  full(program, (node) => {
    if (!('regex' in node)) return
    const { pattern, flags } = node.regex as { pattern: string; flags: string }
    // The detector knows no pattern with both flags. The letters' case changes nothing about how far one goes back.
    const known = flags.includes('u') ? flags.replace('i', '') : flags
    const options = { maxSteps: MAX_STEPS, timeout: Infinity }
    if (!isSafe(new RegExp(pattern, known), options).safe) found.push(`/${pattern}/${flags}`)
  })
  return found
}
