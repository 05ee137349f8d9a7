// Tells supervisors that a disk is nearly full: then recordings and voicemails are cut short.

import type { Desk } from "../api/contract";
import { type Cell, renderOn } from "../core/cell";
import { one, setText, show } from "../core/dom";

export function mountDiskNotice(desk: Cell<Desk | null>): void {
  renderOn([desk], () => {
    const disks = desk.value?.low_disks ?? [];
    show(one("[data-disk-notice]"), disks.length > 0);
    const left = disks.map(({ node, megabytes }) => `${node} (${megabytes} MB left)`).join(", ");
    setText(
      one("[data-disk-text]"),
      `The disk is nearly full: ${left}. Recordings and voicemails will be cut short. Tell your administrator.`,
    );
  });
}
