-- Ask for one address after the other, as many readers do.
local addresses = {
  "/", "/missions/", "/missions/?view=map", "/missions/?type=observer&region=africa", "/missions/unficyp/",
  "/case-studies/unficyp/", "/principles/", "/search/?q=protection+of+civilians", "/api/v1/missions/",
  "/missions/?format=csv", "/sources/", "/feeds/changes.atom",
}
local asked = 0
request = function()
  asked = asked + 1
  return wrk.format("GET", addresses[asked % #addresses + 1])
end
