// Puts the shapes of the map into the page: a picture on a disk may not use parts of another file.
document.body.insertAdjacentHTML("beforeend", peaceops.world.replace("<svg", '<svg width="0" height="0" aria-hidden="true" class="visually-hidden"'));
