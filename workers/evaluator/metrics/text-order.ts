/** Calls `visit` with 0 … count - 1 in the order of their decimal texts: 0, 1, 10, 11, 2 (label values are compared as text). */
export function eachInTextOrder(count: number, visit: (value: number) => void): void {
  if (count > 0) visit(0)
  let value = 1
  for (let visited = 1; visited < count; visited++) {
    visit(value)
    if (value * 10 < count) value *= 10
    else {
      while (value % 10 === 9 || value + 1 >= count) value = Math.floor(value / 10)
      value++
    }
  }
}
