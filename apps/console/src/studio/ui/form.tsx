import { type ComponentProps, createContext, use } from 'react'
import type { Problems } from './problems.ts'

const FormProblems = createContext<Problems>(new Map())

interface Props extends ComponentProps<'form'> {
  /** What is wrong with it: each field says what is wrong with its `member`. */
  problems: Problems
}

export function Form({ problems, ...props }: Props) {
  return (
    <FormProblems value={problems}>
      <form {...props} />
    </FormProblems>
  )
}

/** What is wrong with a member of the form around, or with the first thing in it. */
export function useProblem(member: string | undefined): string | undefined {
  const problems = use(FormProblems)
  if (member === undefined) return undefined
  return problems.get(member) ?? [...problems].find(([path]) => path.startsWith(`${member}.`))?.[1]
}
