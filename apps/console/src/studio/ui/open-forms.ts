type MayLeave = () => boolean

/** Forms that stand over the page now. Each asks whether what is typed in it may be lost, where something is. */
const open = new Set<MayLeave>()

/** @returns what is done when the form is gone */
export function formOpens(mayLeave: MayLeave): () => void {
  open.add(mayLeave)
  return () => open.delete(mayLeave)
}

/** For whatever leads away from the page. */
export const mayLeaveForms = (): boolean => [...open].every((mayLeave) => mayLeave())
