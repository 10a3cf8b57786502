/**
 * `<div ${placed({ left: "12%" })}>`: sets styles one by one from script. Lit's own styleMap writes the attribute
 * at its first rendering, which the pages' policy forbids.
 */

import { type ElementPart, noChange } from "lit";
import { Directive, type PartInfo, PartType, directive } from "lit/directive.js";

type Placement = Readonly<Record<string, string>>;

class Placed extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new TypeError("placed() stands inside a tag, not in an attribute");
  }

  override render(_placement: Placement): unknown {
    return noChange;
  }

  override update(part: ElementPart, [placement]: [Placement]): unknown {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(placement)) {
      if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
    }
    return noChange;
  }
}

export const placed = directive(Placed);
