/** Where a key leads among moments in a row; null for a key that leads nowhere. */
export function stepped(at: number, count: number, key: string): number | null {
  if (count < 1) return null;
  switch (key) {
    case "ArrowLeft":
      return Math.max(0, at - 1);
    case "ArrowRight":
      return Math.min(count - 1, at + 1);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
