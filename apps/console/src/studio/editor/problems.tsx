import type { SourceProblem } from '@parley/contract'
import { Button } from '../ui/button.tsx'
import { words } from '../words/index.ts'

interface Props {
  problems: readonly SourceProblem[]
  onLine: (line: number) => void
}

/** What the server and the editor find wrong in the source, each with its line. */
export function Problems({ problems, onLine }: Props) {
  const t = words.editor
  return (
    <section className="problems" aria-label={t.problems}>
      {problems.length === 0 ? (
        <p className="faint">{t.noProblems}</p>
      ) : (
        <ul>
          {problems.map(({ message, line = 1, column = 1, rule }) => (
            <li key={`${rule}-${line}-${column}-${message}`}>
              <Button kind="quiet" onPress={() => onLine(line)}>
                {t.line(line)}
              </Button>
              {message}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
