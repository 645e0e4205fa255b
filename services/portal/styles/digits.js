// Two digits of a code, each in a box of its own: what is pasted is spread over both, and the second follows the first.
// Without a script the first box takes both digits too, or the whole code.
const CODE_LENGTH = 6

// The digits for the boxes in a text that holds both, or the whole code; none for any other text.
function digitsIn(text, positions) {
  const digits = text.replace(/[\s-]/g, '')
  if (!/^[0-9]+$/.test(digits)) return null
  if (digits.length === CODE_LENGTH) return positions.map((position) => digits[position - 1])
  return digits.length === positions.length ? [...digits] : null
}

export function spreadDigits(group) {
  const boxes = [...group.querySelectorAll('input')]
  const positions = boxes.map((box) => parseInt(box.labels[0].textContent, 10)) // such as "2nd digit"
  const spread = (text) => {
    const digits = digitsIn(text, positions)
    if (!digits) return false
    boxes.forEach((box, place) => { box.value = digits[place] })
    boxes[boxes.length - 1].focus()
    return true
  }
  boxes.forEach((box, place) => {
    box.addEventListener('paste', (event) => {
      if (spread(event.clipboardData.getData('text'))) event.preventDefault()
    })
    box.addEventListener('input', () => {
      if (place > 0) box.value = box.value.slice(0, 1)
      else if (!spread(box.value) && box.value.length === 1) boxes[1].focus()
    })
    box.addEventListener('keydown', (event) => {
      if (event.key === 'Backspace' && !box.value && place > 0) boxes[place - 1].focus()
    })
  })
}
