import { words } from '../words/index.ts'

/**
 * Judges a field at each input. What is too long stays as it was pasted, and holds its form back: a browser's own `maxlength` would cut
 * it without a word.
 */
export function atMost(
  maxCharacters: number,
): (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => void {
  return ({ currentTarget: field }) => {
    const over = field.value.length - maxCharacters
    field.setCustomValidity(over > 0 ? words.tooLongText(over) : '')
    if (over > 0) field.reportValidity()
  }
}
