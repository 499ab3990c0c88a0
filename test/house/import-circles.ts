/** Import circles between files, by Tarjan's algorithm for strongly connected components. */

/**
 * @param imports for each file, the files that it imports
 * @returns each circle as the files in it, sorted; a file that imports itself is a circle of one
 */
export function importCircles(
  imports: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  /** The earliest file that can be reached from this one and that is not in a finished component. */
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: (readonly string[])[] = [];

  function visit(file: string): number {
    const own = order.size;
    let low = own;
    order.set(file, own);
    stack.push(file);
    for (const target of imports.get(file) ?? []) {
      if (!order.has(target)) low = Math.min(low, visit(target));
      else if (stack.includes(target)) low = Math.min(low, lowest.get(target) ?? order.get(target) ?? low);
      lowest.set(file, low);
    }
    lowest.set(file, low);
    if (low === own) {
      const component = stack.splice(stack.indexOf(file));
      if (component.length > 1 || imports.get(file)?.includes(file)) circles.push(component.sort());
    }
    return low;
  }

  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return circles;
}
