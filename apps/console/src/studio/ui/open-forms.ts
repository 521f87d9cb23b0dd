/** What somebody who leaves is asked, where something would be lost. */
type Question = () => string | undefined

/** What stands over the page now and would lose something. */
const open = new Set<Question>()

/** Whoever leads away from the page asks the question first, and so does the browser. @returns what is done when it is gone */
export function formOpens(question: Question): () => void {
  function askToStay(event: BeforeUnloadEvent): void {
    if (question() !== undefined) event.preventDefault()
  }
  open.add(question)
  addEventListener('beforeunload', askToStay)
  return () => {
    open.delete(question)
    removeEventListener('beforeunload', askToStay)
  }
}

/** Asks, where something would be lost. */
export function mayLeave(question: Question): boolean {
  const asked = question()
  return asked === undefined || confirm(asked)
}

/** For whatever leads away from the page. */
export const mayLeaveForms = (): boolean => [...open].every(mayLeave)
